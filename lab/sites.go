package lab

// The layouts that several faults share. Each call is another site: a fault
// gives it a name of its own, and changes what it wants changed.

// linked is a site with a directory for each release and a link to the live
// one, behind a unix socket.
func linked(name string) Site {
	return Site{Name: name, App: App{Marker: JSONMarker}}
}

// checkout is a git checkout that is pulled in place, behind a TCP port.
func checkout(name, bind string) Site {
	return Site{
		Name: name, Kind: Checkout, Base: "/opt/" + name, User: "deploy", Bind: bind,
		App: App{Marker: JSONMarker, Field: "commit", Ident: InGit},
	}
}

// copied is a plain directory that rsync copies over, in a home directory.
func copied(name, bind string) Site {
	return Site{
		Name: name, Kind: Copied, Base: "/home/app/" + name, User: "app", Bind: bind,
		App: App{Module: name + ".web", Callable: "create_app()", Marker: TextMarker, Ident: InFile},
	}
}

// pinned is a linked site whose unit names one release instead of the link.
func pinned(name string) Site {
	s := linked(name)
	s.Work = "{{.Dir 0}}"
	return s
}

// linkless is a pinned site without any link: its unit alone says which release
// is live. Its app serves the static files itself.
func linkless(name string) Site {
	s := pinned(name)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": `server {
    listen {{.Listen}};
    server_name {{.Server}};
    location / {
        proxy_pass http://{{.Address}}:;
        proxy_set_header Host $host;
    }
}
`}
	s.First = sh(`rm {{.Live}}`)
	return s
}

// conf is a server block that sends everything to one address. Static files
// come from the directory that follows.
func conf(address, static string) string {
	return `server {
    listen {{.Listen}};
    server_name {{.Server}};
    location /static {
        alias ` + static + `;
    }
    location / {
        proxy_pass http://` + address + `;
        proxy_set_header Host $http_host;
        proxy_redirect off;
    }
}
`
}

// available is a site as Debian lays it out: a file in sites-available, which is
// linked from sites-enabled by the first act.
func available(s Site, text string) Site {
	s.Conf = map[string]string{"sites-available/" + s.Name: text}
	s.First = sh(`ln -s ../sites-available/{{.Name}} /etc/nginx/sites-enabled/{{.Name}}`)
	return s
}

// with changes a site.
func (s Site) with(change func(*Site)) Site {
	change(&s)
	return s
}

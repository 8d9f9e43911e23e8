package lab

// Sites that differ in where Python takes the app from.

// packaged has a virtualenv in each release, with the app installed in it.
func packaged(name string) Site {
	s := linked(name)
	s.App.Module = name + ".web"
	s.Work = "/var/lib/" + name
	s.UnitText = `[Unit]
Description={{.Name}}

[Service]
Type=notify
User={{.User}}
RuntimeDirectory={{.Runtime}}
StateDirectory={{.Name}}
WorkingDirectory={{.Work}}
ExecStart={{.Live}}/venv/bin/gunicorn --workers 2 --bind {{.Bind}} {{.Main}}
`
	s.Venv = "{{.Dir 0}}/venv"
	s.First = sh(`mkdir -p {{.Work}}; chown {{.User}}: {{.Work}}; cp -r {{.Dir 0}}/{{.Name}} {{.Dir 0}}/venv/lib/python3*/site-packages/`)
	return s
}

// installed imports a copy of the app out of its virtualenv's site-packages.
func installed(name string) Site {
	return Site{
		Name: name, Kind: Copied, Base: "/srv/src/" + name, Bind: "127.0.0.1:8711", Venv: "/opt/envs/" + name, Work: "/var/lib/" + name,
		App: App{Module: name + ".main", Marker: JSONMarker, Field: "version"}, IDs: [2]string{"1.0.3", "1.0.4"},
		First: sh(`mkdir -p {{.Work}}; chown {{.User}}: {{.Work}}; ` + installCopy),
		Args:  []string{"--app-dir", "/srv/src/" + name},
	}
}

// installCopy is what pip install does to a package: it copies it.
const installCopy = `cp -r {{.Base}}/{{.Name}} {{.Venv}}/lib/python3*/site-packages/`

// thin has an entry file in the release that imports the app, as it was installed from
// the release into a virtualenv apart.
func thin(name string) Site {
	s := linked(name)
	s.App = App{Package: name, Marker: JSONMarker, Path: "/healthz", Field: "version"}
	s.Venv, s.Args = "/opt/envs/"+name, []string{"--version-path", "/healthz"}
	s.First = installThin("{{.Dir 0}}")
	return s
}

// installThin is what pip install does with a release's package.
func installThin(release string) Act {
	return sh(`packages=$(echo {{.Venv}}/lib/python3*/site-packages)
rm -rf "$packages/{{.Name}}"; cp -r ` + release + `/src/{{.Name}} "$packages/"`)
}

// shadowed has another checkout before its own on the path.
func shadowed(name string) Site {
	s := copied(name, "unix:/run/"+name+"/"+name+".sock")
	s.Gunicorn = []string{"--pythonpath", "/opt/legacy"}
	s.First = sh(`mkdir -p /opt/legacy; cp -r {{.Base}}/{{.Name}} /opt/legacy/; cp {{.Base}}/REVISION /opt/legacy/`)
	return s
}

// editable is installed in place, by a .pth file of its virtualenv.
func editable(name string) Site {
	s := linked(name)
	s.App.Module = name + ".app"
	s.Bind = "127.0.0.1:8733"
	s.Venv = "/opt/envs/" + name
	s.Work = "/var/lib/" + name
	s.First = sh(`mkdir -p {{.Work}}; chown {{.User}}: {{.Work}}
echo {{.Dir 0}} > "$(echo {{.Venv}}/lib/python3*/site-packages)/__editable__.{{.Name}}-1.0.pth"`)
	return s
}

// requiring has a virtualenv apart, in which the first version of a library of the house is
// installed, as the first release asks for it.
func requiring(name string) Site {
	s := linked(name)
	s.Venv = "/opt/envs/" + name
	s.First = acts(requires("{{.Dir 0}}", "house-style==1.0\nflask"), installLibrary("1.0", "import os"))
	return s
}

// requires has a release ask for packages, and use the library.
func requires(release, requirements string) Act {
	return sh(`sed -i '1i import house_style' ` + release + `/wsgi.py
printf '` + requirements + `\n' > ` + release + `/requirements.txt; chown {{.User}}: ` + release + `/*`)
}

// installLibrary is what pip install does: it writes the package and its metadata anew.
func installLibrary(version, source string) Act {
	return sh(`cd {{.Venv}}/lib/python3*/site-packages; rm -rf house_style*
echo '` + source + `' > house_style.py
mkdir house_style-` + version + `.dist-info; echo pip > house_style-` + version + `.dist-info/INSTALLER`)
}

// clamped is a site whose files all have one time, as reproducible builds give
// them, and the same size in both releases.
func clamped(name string) Site {
	s := copied(name, "127.0.0.1:8745")
	s.App.Ident = InCode
	s.IDs = [2]string{"build-118", "build-119"}
	s.Words = [2]string{"spring", "summer"}
	s.First = sh(clampTimes)
	return s
}

const clampTimes = `find {{.Base}} -name __pycache__ -prune -o -type f -exec touch -d @1700000000 {} +`

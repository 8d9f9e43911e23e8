package guide

// webTraps are G28 to G39: Nginx, the caches behind it, and the browser.
func webTraps() []Trap {
	return []Trap{
		{"G28", "A reload that was refused without a word", "`nginx -s reload` ends well even where the running Nginx could not take the new configuration, an address in use for example. Only new worker processes prove a reload. `nginx -T` shows the disk, not what runs."},
		{"G29", "Old Nginx workers still finish", "After a reload the old workers serve their open connections, with the old configuration, until those end or worker_shutdown_timeout is over."},
		{"G30", "A name that was resolved once", "Nginx looks up a backend's name when it starts or reloads. A container that was recreated may have another address, and its old one may belong to somebody else."},
		{"G31", "open_file_cache and a switched link", "Nginx keeps files open by name. For as long as open_file_cache_valid it serves the file that the link led to before."},
		{"G32", "An old .gz beside the new file", "With gzip_static, Nginx sends the compressed twin to browsers and the plain file to curl. Ask for both."},
		{"G33", "The ETag names the file", "Nginx makes it from the time and size of the file that it sends, in hexadecimal. One that differs from the release's file shows that another file, or a cache, answered."},
		{"G34", "proxy_cache", "Nginx answers from its own store until the entry is too old. The app's socket, asked directly, tells the difference."},
		{"G35", "Another server block answers", "Of two blocks with one name the second is ignored with a warning; a copy in sites-enabled does not follow the original; the first block answers for names that nobody claims."},
		{"G36", "root or alias at an old release", "Static files come from a directory of their own, and it may name one release instead of `current`."},
		{"G37", "The CDN keeps it", "The public address answers differently from this box, and says so by Age, X-Cache or CF-Cache-Status. Purging happens elsewhere."},
		{"G38", "A long max-age and no hash in the name", "A browser that has the file does not ask again. Nothing on the server can change that; a new name can."},
		{"G39", "A service worker", "Code in the browser answers instead of the network. The box cannot see it; that the page registers one is a hint."},
	}
}

package matrix

import _ "embed"

//go:embed truth.py
var truthScript string

// stock makes room for a story's files.
const clearStock = `rm -rf /var/lib/stock`

// found is the ground of a story: the site is stopped, and its first state laid out anew,
// as deploys of weeks ago have left it.
const found = `stopped
find $STOCK/old $STOCK/first -exec touch -h -d '2025-11-03 09:45:10' {} +
find $STOCK/new $STOCK/newer -exec touch -h -d '2025-11-20 10:00:20' {} +
as() { runuser -u $OWNER -- "$@"; }
rm -rf $TREE.next $TREE.before "$PACKAGES"/tariff* "$PACKAGES/$PKG"*
cp -a $STOCK/first/. "$PACKAGES/"
case $1 in
linked)
	rm -rf ${FIRST%/*} $TREE; mkdir ${FIRST%/*}
	cp -a $STOCK/old $FIRST; ln -s $FIRST $TREE; chown -Rh $OWNER: ${FIRST%/*} $TREE; chown $OWNER: $BASE ;;
cloned)
	origin=/var/lib/git/$PKG.git work=/var/lib/git/$PKG.work
	rm -rf /var/lib/git; mkdir -p $origin $work; chown -R $OWNER: /var/lib/git
	as sh -euc 'origin=$1 work=$2 stock=$3 terms=$4
	git init -q --bare $origin; git init -q $work; cd $work; git remote add origin $origin
	keep() { cp -r $1/. .; git add -A; git commit -q --allow-empty -m "$2"; }
	keep $stock/old First; sed -i s/30/21/ $terms; git commit -q -a -m Shorter; keep $stock/old Longer
	git push -q origin HEAD:main' sh $origin $work $STOCK $PKG/terms.py
	as git clone -q $origin $TREE.new
	if test -f $STOCK/old/REVISION; then as git -C $TREE.new rev-parse HEAD > $TREE.new/REVISION; chown $OWNER: $TREE.new/REVISION; fi
	as sh -euc 'cd $1; cp -r $2/new/. .; git add -A; git commit -q --allow-empty -m Newer; git push -q origin HEAD:main' sh $work $STOCK
	case " $CHANGED " in *" REVISION "*) as git -C $work rev-parse HEAD > $STOCK/new/REVISION ;; esac
	mv $TREE/.venv $TREE.new/.venv; rm -rf $TREE; mv $TREE.new $TREE; chown -R $OWNER: $TREE/.venv
	if test $2 = pull-refused; then echo '# by hand, for now' >> $TREE/$PKG/terms.py; fi ;;
packaged)
	cp -a $STOCK/old/. "$PACKAGES/" ;;
*)
	rm -rf $TREE; cp -a $STOCK/old $TREE; cp -a $STOCK/new $TREE.next; chown -R $OWNER: $TREE $TREE.next ;;
esac
python3 -m compileall -q "$PACKAGES"/tariff "$PACKAGES/$PKG" > /dev/null || true
chown -R $OWNER: "$PACKAGES"
started
`

// The verbs of who runs the site: systemd or Docker. master prints the process id of the
// Gunicorn master.
const (
	byUnit = `stopped() { systemctl stop $PKG; }
started() { systemctl daemon-reload; systemctl start $PKG; }
restarted() { systemctl restart $PKG; }
reloaded() { systemctl reload $PKG; }
master() { systemctl show -p MainPID --value $PKG; }
`
	byDocker = `compose() { docker compose -f $BASE/compose.yaml "$@" > /tmp/compose.log 2>&1 || { tail -n 20 /tmp/compose.log >&2; exit 1; }; }
stopped() { compose down -t 3; }
started() { compose up -d; }
restarted() { compose restart -t 3; }
reloaded() { compose kill -s HUP; }
master() { docker inspect -f '{{.State.Pid}}' $PKG-web-1; }
`
)

// settle lays a layout out on a box, once.
const settle = `mkdir -p $BASE $BASE/shared $(dirname $VENV) /var/lib/windmill /var/lib/stock
case $TREE in /home/*) chmod 755 /home/app ;; esac
python3 -m venv --system-site-packages --without-pip $VENV
printf '#!%s/bin/python3\nimport sys\nfrom gunicorn.app.wsgiapp import run\nsys.exit(run())\n' $VENV > $VENV/bin/gunicorn
chmod 755 $VENV/bin/gunicorn
echo "127.0.0.1 $PKG.example" >> /etc/hosts
chown $OWNER: $BASE
systemctl start nginx
test ! -d $BASE/image || {
	mkdir -p /etc/docker; echo '{"features": {"buildkit": false}}' > /etc/docker/daemon.json
	systemctl start docker
	docker import "$1" pybase > /dev/null
	docker build -q -t $PKG-web $BASE/image > /dev/null
}
`

// dockerfile is the container's image: the site's dependency is in it, and the site is not.
const dockerfile = `FROM pybase
COPY tariff /usr/local/lib/python3.13/dist-packages/tariff
`

// children are the process ids of the workers.
const children = `pgrep -P "$(master)" | sort`

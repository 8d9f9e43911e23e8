package matrix

// deed is something that is done to a site that runs.
type deed struct {
	name   string
	change change
	script string // of sh, over the words of a layout, run as the tree's owner
	root   bool   // run by root, as what it does is root's
	on     func(layout) bool
	// labels are how many labels meet it on each layout, other ones on the next; 1 where it is 0.
	labels int
	// intends says that what should run is the new tree, though the disk has it not.
	intends bool
}

// all are all labels that fit.
const all = 99

func everywhere(layout) bool   { return true }
func isLinked(at layout) bool  { return at.linked }
func isCloned(at layout) bool  { return at.checkout }
func mayMove(at layout) bool   { return at.moves }
func isTree(at layout) bool    { return !at.packaged }
func isPackage(at layout) bool { return at.packaged }
func hasVenv(at layout) bool   { return !at.mounted }

// each does something to every file that a deed changes.
func each(script string) string { return "for f in $CHANGED; do " + script + "; done" }

// These are what deploys and people do; $STOCK/new has its files from days ago.
const (
	install   = `rm -rf "$PACKAGES"/tariff*; cp -r $STOCK/`
	reinstall = `rm -rf "$PACKAGES/$PKG" "$PACKAGES/$PKG"-*; cp -r $STOCK/new/* "$PACKAGES/"`
)

// deeds are all of them: first those that bring other code, then those that bring the same,
// then those that touch nothing that the site imports, then directories within the tree.
func deeds() []deed {
	return []deed{
		{name: "none", script: "true", on: everywhere},

		{name: "edit", change: word, script: each(`cp $STOCK/new/$f $TREE/$f~; touch $TREE/$f~; mv $TREE/$f~ $TREE/$f`), on: everywhere, labels: 3},
		{name: "write", change: word, script: each(`cat $STOCK/new/$f > $TREE/$f`), on: everywhere},
		{name: "write-number", change: number, script: each(`cat $STOCK/new/$f > $TREE/$f`), on: everywhere},
		{name: "cp-p", change: word, script: each(`cp -p $STOCK/new/$f $TREE/$f`), on: everywhere, labels: 3},
		{name: "cp-p-number", change: number, script: each(`cp -p $STOCK/new/$f $TREE/$f`), on: everywhere},
		{name: "rsync", change: word, script: `rsync -a $STOCK/new/ $TREE/`, on: everywhere},
		{name: "rsync-inplace", change: word, script: `rsync -a --inplace $STOCK/new/ $TREE/`, on: everywhere},
		{name: "tar", change: word, script: `tar -C $STOCK/new -cf - . | tar -C $TREE -xf -`, on: isTree},
		{name: "tar-overwrite", change: word, script: `tar -C $STOCK/new -cf - . | tar -C $TREE --overwrite -xf -`, on: isTree},
		{name: "swap", change: word, script: `mv $TREE $TREE.before; mv $TREE.next $TREE`, on: mayMove, root: true, labels: all},
		{name: "commit", change: word, script: `git -C $TREE pull -q --ff-only; case " $CHANGED " in *" REVISION "*) git -C $TREE rev-parse HEAD > $TREE/REVISION;; esac`, on: isCloned, labels: all},
		{name: "pull-refused", change: word, script: `! git -C $TREE pull -q --ff-only 2> /dev/null`, on: isCloned, labels: all, intends: true},
		{name: "switch", change: word, script: `cp -r $STOCK/new $NEXT; ln -s $NEXT $TREE.new; mv -T $TREE.new $TREE`, on: isLinked, labels: all},
		{name: "reinstall", change: word, script: reinstall, on: isPackage, labels: all},
		{name: "dependency", change: nothing, script: install + `newer/. "$PACKAGES/"`, on: hasVenv},
		{name: "dependency-cp-p", change: nothing, script: `cp -p $STOCK/newer/tariff/*.py "$PACKAGES/tariff/"`, on: hasVenv},
		{name: "dependency-hard-link", change: nothing, script: `rm -rf "$PACKAGES"/tariff*; cp -rl $STOCK/newer/. "$PACKAGES/"`, on: hasVenv, root: true},
		{name: "template", change: template, script: each(`cp $STOCK/new/$f $TREE/$f~; touch $TREE/$f~; mv $TREE/$f~ $TREE/$f`), on: everywhere},
		{name: "template-cp-p", change: template, script: each(`cp -p $STOCK/new/$f $TREE/$f`), on: everywhere},
		{name: "settings", change: settings, script: each(`cat $STOCK/new/$f > $TREE/$f`), on: everywhere},
		{name: "data", change: data, script: each(`cat $STOCK/new/$f > $TREE/$f`), on: everywhere},

		{name: "data-each-time", change: fetched, script: each(`cat $STOCK/new/$f > $TREE/$f`), on: everywhere},
		{name: "touch", script: `touch $TREE/$PKG/*.py`, on: everywhere},
		{name: "chown", script: `chown -R root: $TREE/; chown -R $OWNER: $TREE/; chmod -R g+w $TREE/`, root: true, on: everywhere},
		{name: "copy", script: `cp $TREE/$PKG/terms.py $TREE/terms.new; mv $TREE/terms.new $TREE/$PKG/terms.py`, on: everywhere},
		{name: "write-same", script: `cat $STOCK/new/$PKG/terms.py > $TREE/$PKG/terms.py`, on: everywhere},
		{name: "cp-p-same", script: `cp -p $STOCK/new/$PKG/terms.py $TREE/$PKG/terms.py`, on: everywhere},
		{name: "rename", script: `mv $TREE/$PKG/terms.py $TREE/$PKG/terms.bak; mv $TREE/$PKG/terms.bak $TREE/$PKG/terms.py`, on: everywhere},
		{name: "rsync-same", script: `rsync -rI $STOCK/new/ $TREE/`, on: isTree},
		{name: "tar-same", script: `tar -C $STOCK/new -cf - . | tar -C $TREE -xf -`, on: isTree},
		{name: "swap-same", script: `mv $TREE $TREE.before; mv $TREE.next $TREE`, on: mayMove, root: true},
		{name: "branch-and-back", script: `git -C $TREE checkout -q --detach HEAD~1; git -C $TREE checkout -q main`, on: isCloned},
		{name: "dependency-same", script: install + `first/. "$PACKAGES/"`, on: hasVenv},
		{name: "reinstall-same", script: reinstall, on: isPackage},

		{name: "logs", script: `mkdir -p $TREE/logs; echo started >> $TREE/logs/site.log`, on: isTree},
		{name: "uploads", script: `mkdir -p $TREE/uploads; head -c 4096 /dev/urandom > $TREE/uploads/photo.jpg; echo 'print(1)' > $TREE/uploads/homework.py`, on: isTree},
		{name: "script", script: `f=$(find -L $TREE -name import_orders.py); echo '# once' >> $f; echo 'import os' > $(dirname $f)/fix_orders.py`, on: everywhere},
		{name: "compile", script: `python3 -m compileall -q $TREE/$PKG`, on: everywhere},

		// A directory within the tree takes another's place, with all of its times.
		{name: "swap-package", change: word, script: `mv $TREE/$PKG $TREE/$PKG.before; mv $TREE.next/$PKG $TREE/$PKG`, on: mayMove, root: true},
		{name: "rename-package", script: `mv $TREE/$PKG $TREE/$PKG.away; mv $TREE/$PKG.away $TREE/$PKG`, on: mayMove, root: true},
	}
}

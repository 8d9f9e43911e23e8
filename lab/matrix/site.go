package matrix

import "strings"

// change is what a deed brings: the part of the site that is another one afterwards.
type change int

const (
	nothing  change = iota // the same content again, or a file that is none of the code's
	word                   // a sentence in a function, and a function more
	number                 // one number, so that the file keeps its length
	template               // a template
	settings               // a module that holds nothing but settings
	data                   // a data file, read when the app is imported
	fetched                // a data file, read for each request
)

// site is one state of the site's files.
type site struct {
	pkg     string // the package's name
	in      string // where data files and the release's file lie: "" for the tree's root, or the package
	label   label
	release string
	change  change // what is newer in it than in the first state
}

// files are the site's files, by their path in the tree.
func (s site) files() map[string]string {
	pick := func(kind change, first, then string) string {
		if s.change == kind {
			return then
		}
		return first
	}
	terms := "RETURN_DAYS = " + pick(number, "30", "14") + "\n\n\ndef return_policy():\n" +
		pick(word, "    return \"Send it back within %d days.\" % RETURN_DAYS\n",
			"    return \"Whatever broke on its way is replaced within %d days.\" % RETURN_DAYS\n\n\n"+
				"def damaged_in_transit(parcel):\n    return parcel.get(\"damaged\", False)\n")
	up := "os.path.dirname(os.path.abspath(__file__))"
	if s.in == "" {
		up = "os.path.dirname(" + up + ")"
	}
	files := map[string]string{
		"PKG/__init__.py": "import os\n\nfrom flask import Flask, jsonify, render_template\n\nfrom . import ledger, prices, terms\n" +
			s.label.imported() + "\napp = Flask(__name__)\napp.register_blueprint(ledger.pages)\n\n\n" +
			"@app.get(\"/\")\ndef index():\n" +
			"    notice = open(os.path.join(" + up + ", \"notice.txt\")).read()\n" +
			"    return render_template(\"index.html\", policy=terms.return_policy(), price=prices.shelf_price(100), notice=notice)\n" +
			s.label.route(),
		"PKG/terms.py": terms,
		"PKG/prices.py": "import json\nimport os\n\nimport tariff\n\nfrom . import house_settings\n\n" +
			"with open(os.path.join(" + up + ", \"rates.json\")) as rates:\n    RATES = json.load(rates)\n\n\n" +
			"def shelf_price(net):\n    return tariff.gross(net, RATES[\"standard\"]) + house_settings.POSTAGE\n",
		"PKG/house_settings.py":    "POSTAGE = " + pick(settings, "4", "6") + "\nCURRENCY = " + pick(settings, `"EUR"`, `"SEK"`) + "\n",
		"PKG/ledger.py":            ledger,
		"PKG/templates/index.html": "<!doctype html>\n<title>A shop</title>\n<p>" + pick(template, "Welcome", "Come in, look around") + "</p>\n<p>{{ policy }} {{ price }} {{ notice }}</p>\n",
		"IN/rates.json":            "{\"standard\": " + pick(data, "19", "21") + "}\n",
		"IN/notice.txt":            pick(fetched, "open on weekdays", "closed on the first of May") + "\n",
		"scripts/import_orders.py": "import sys\n\nprint(len(sys.argv))\n",
		"tests/test_terms.py":      "def test_terms():\n    assert True\n",
		"wsgi.py":                  "from PKG import app\n\n__all__ = [\"app\"]\n",
		".gitignore":               "__pycache__/\n.venv/\nlogs/\nuploads/\nREVISION\n",
	}
	s.label.write(files, up, s.release)
	placed := map[string]string{}
	names := strings.NewReplacer("PKG", s.pkg, "IN/", map[bool]string{true: "", false: s.in + "/"}[s.in == ""])
	for name, text := range files {
		placed[names.Replace(name)] = strings.ReplaceAll(text, "PKG", s.pkg)
	}
	if s.in != "" { // installed as a package: nothing lies beside it
		for _, beside := range []string{"wsgi.py", ".gitignore", "scripts/import_orders.py", "tests/test_terms.py"} {
			delete(placed, beside)
		}
		placed[s.pkg+"/import_orders.py"] = "import sys\n\nprint(len(sys.argv))\n"
	}
	return placed
}

// ledger is the module that is asked for the truth, at a path that flasktui does not know:
// what every module of the app, and of its virtualenv, really holds. Paths and names that
// differ with the place of a tree are left out.
const ledger = `import hashlib
import os
import sys
import time
import types

from flask import Blueprint, jsonify, render_template, request

pages = Blueprint("ledger", __name__)


def told(value):
    code = getattr(value, "__code__", value)
    if isinstance(code, types.CodeType):
        return [code.co_name, code.co_code.hex(), [told(one) for one in code.co_consts], code.co_names]
    if isinstance(value, (str, bytes, int, float, tuple, list, dict, type(None))):
        return repr(value)
    return ""


def held():
    modules = {}
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or name == "__main__" or file.startswith("/usr/lib/python3"):
            continue
        words = [(key, told(value)) for key, value in sorted(vars(module).items()) if not key.startswith("__")]
        modules[name] = hashlib.sha256(repr(words).encode()).hexdigest()[:12]
    page = render_template("index.html", policy="", price="", notice="")
    modules["(page)"] = hashlib.sha256(page.encode()).hexdigest()[:12]
    return modules


@pages.get("/inner/ledger")
def show():
    time.sleep(float(request.args.get("hold", "0")))
    return jsonify({"pid": os.getpid(), "holds": held()})
`

// dependency are the files of the package that the site imports from its virtualenv; a
// newer one computes otherwise.
func dependency(newer bool) map[string]string {
	version, sum := "2.1.0", "net + net * rate // 100"
	if newer {
		version, sum = "2.2.0", "net + (net * rate + 99) // 100"
	}
	info := "tariff-" + version + ".dist-info/"
	return map[string]string{
		"tariff/__init__.py": "from .sums import gross\n\n__version__ = \"" + version + "\"\n__all__ = [\"gross\"]\n",
		"tariff/sums.py":     "def gross(net, rate):\n    return " + sum + "\n",
		info + "METADATA":    "Metadata-Version: 2.1\nName: tariff\nVersion: " + version + "\n",
		info + "INSTALLER":   "pip\n",
		info + "RECORD":      "tariff/__init__.py,,\ntariff/sums.py,,\n" + info + "METADATA,,\n" + info + "INSTALLER,,\n" + info + "RECORD,,\n",
	}
}

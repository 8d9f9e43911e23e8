package appserver

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestScriptOf: what strangers' WSGI scripts say of where their app is.
func TestScriptOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       Script
	}{
		{"plain", "from shop import app as application\n", Script{Module: "shop"}},
		{"flask's own page", "import sys\nsys.path.insert(0, '/srv/shop')\n\nfrom shop import app as application\n", Script{Module: "shop", Path: []string{"/srv/shop"}}},
		{"factory", "from shop.web import create_app\napplication = create_app('production')\n", Script{Module: "shop.web"}},
		{"app of another name", "from shop import app\napplication = app\n", Script{Module: "shop"}},
		{"module", "import shop\napplication = shop.app\n", Script{Module: "shop"}},
		{"module of another name", "import shop.web as web\napplication = web.app\n", Script{Module: "shop.web"}},
		{"beside it", "import os, sys\nsys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))\nfrom shop import app as application\n", Script{Module: "shop", Path: []string{"/srv/www"}}},
		{
			"above it", "import os, sys\nBASE = os.path.join(os.path.dirname(__file__), '..')\nsys.path.append(BASE)\nsys.path.insert(0, '/opt/lib')\nfrom shop import application\n",
			Script{Module: "shop", Path: []string{"/opt/lib", "/srv"}},
		},
		{"pathlib", "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).resolve().parent))\nfrom shop import application\n", Script{Module: "shop", Path: []string{"/srv/www"}}},
		{"the app itself", "def application(environ, start_response):\n    return [b'']\n", Script{}},
		{"flask in the script", "from flask import Flask\napp = Flask(__name__)\napplication = app\n", Script{}},
		{"django", "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ['DJANGO_SETTINGS_MODULE'] = 'site.settings'\napplication = get_wsgi_application()\n", Script{Module: "django.core.wsgi"}},
		{"computed", "import sys, os\nsys.path.insert(0, os.environ['ROOT'])\nfrom shop import app as application\n", Script{Module: "shop", Unread: true}},
		{"broken", "from shop import (app\n", Script{Unread: true}},
	} {
		if diff := cmp.Diff(c.want, ScriptOf("/srv/www/site.wsgi", c.text)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func FuzzScriptOf(f *testing.F) {
	f.Add("import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nfrom shop import app as application\n")
	f.Add("sys.path.append(str(Path(__file__).parent.parent))\napplication = x(y(z)\n")
	f.Fuzz(func(_ *testing.T, text string) { ScriptOf("/srv/www/site.wsgi", text) })
}

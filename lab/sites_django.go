package lab

import (
	"fmt"
	"path"
	"strings"
)

// django makes a project of Django's of a release's files, as `django-admin startproject` lays one
// out: its module says where the settings are, these where the URLs are, and these the views.
func (a App) django(files map[string]string, r Release) {
	dir := a.dir()
	name := strings.ReplaceAll(dir, "/", ".")
	files[a.entry()] = fmt.Sprintf(`import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "%s.settings")

application = get_wsgi_application()
`, name)
	files[path.Join(dir, "settings.py")] = fmt.Sprintf(`from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
SECRET_KEY = "of-the-lab"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "%s.urls"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [BASE_DIR / "templates"]}]
`, name)
	files[path.Join(dir, "urls.py")] = `from django.urls import path

from . import views

urlpatterns = [path("", views.index), path("version", views.version)]
`
	files[path.Join(dir, "views.py")] = fmt.Sprintf(`import os

from django.http import JsonResponse
from django.shortcuts import render

EDITION = %q
RELEASE = %q


def index(request):
    return render(request, "index.html", {"edition": EDITION, "mode": os.environ.get("APP_MODE", "plain")})


def version(request):
    return JsonResponse({"release": RELEASE})
`, r.Edition, r.ID)
	files["manage.py"] = "import sys\n\nfrom django.core.management import execute_from_command_line\n\nexecute_from_command_line(sys.argv)\n"
}

// djangoProject is a site of Django's.
func djangoProject(s Site) Site {
	s.App = App{Module: s.Name + ".wsgi", Callable: "application", Marker: JSONMarker, Django: true}
	return s.layered()
}

func djangoFaults() []Fault {
	stays := func(name, fix string, site Site) Fault {
		return Fault{Name: name, Verdict: stale, Cause: "service-not-restarted", Fix: fix, Site: djangoProject(site), Break: deploy}
	}
	return []Fault{
		stays("django-not-restarted", "restart", linked("djembe").with(func(s *Site) { s.Bare = true })),
		stays("django-pulled-not-restarted", "restart", checkout("djinn", "127.0.0.1:8000")),
		stays("uwsgi-django-not-restarted", "restart", uwsgiSite(linked("djerba"), "ini", strings.Replace(uwsgiINI, "module = {{.Main}}", "wsgi-file = djerba/wsgi.py", 1))),
	}
}

func healthyDjango() []Fault {
	return []Fault{{Name: "healthy-django", Verdict: fresh, Site: djangoProject(linked("djebel")), Break: acts(deploy, restart)}}
}

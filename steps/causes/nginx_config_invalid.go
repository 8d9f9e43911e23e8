package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func nginxConfigInvalid() Kind {
	return Kind{
		ID: "nginx-config-invalid", Title: "The Nginx configuration on disk is refused",
		Step:  walk.Nginx().Number,
		Claim: report.ClaimConfiguration,
		Hop:   report.HopNginx, instead: "refuses the configuration on disk",
		find: findNginxInvalid,
		page: guide.Page{
			What: "`nginx -t` fails. The running Nginx goes on with the last good configuration, and will not come back after a " +
				"restart or a reboot.",
			How: "A missing semicolon, an included file that is gone, a certificate's file that was moved, a module that an " +
				"update took away.",
			Commands: []string{"sudo nginx -t", "sudo ls -laR /etc/nginx/sites-enabled /etc/nginx/conf.d"},
			Prevent:  "Test before the file is put in place for good, and stop the deploy when the test fails.",
			Guard:    []string{"sudo nginx -t || { sudo cp -p /root/shop.conf.good /etc/nginx/conf.d/shop.conf; exit 1; }"},
			See:      []string{"edit-nginx", "nginx"},
		},
	}
}

// findNginxInvalid sees a configuration on disk that Nginx refuses.
func findNginxInvalid(b *box.Box) *report.Finding {
	config := b.SiteNginx().Value
	if !b.SiteNginx().Known || config.Failure == "" {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why:        "Nginx refuses the configuration on disk. A reload keeps the old one running, and the next start would fail.",
		Evidence:   []report.Evidence{report.Observed("nginx says", config.Failure, "nginx -t")},
		Fixes:      fixes.IDs(fixes.EditNginx),
	}
	switch {
	case b.NginxCannotStart():
		finding.Why = "No Nginx runs, and the configuration on disk is refused, so it cannot be started: visitors get nothing until the place below is put right and it is started (systemctl start nginx)."
	case b.NginxStopped():
		// Whether the site has anything to do with it cannot be told.
		finding.Confidence = report.Possible
		finding.Why = "No Nginx runs, and it could not be started: the configuration on disk is refused."
	}
	if config.FailureFile != "" {
		finding.Evidence = append(finding.Evidence, report.Observed("place", sys.Textf("%s:%d", config.FailureFile, config.FailureLine), "nginx -t"))
	}
	return finding
}

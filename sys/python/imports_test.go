package python

import (
	"slices"
	"testing"
)

func TestImportedNames(t *testing.T) {
	source := []byte("#!/usr/bin/env python3\n\"\"\"import nothing.\"\"\"\nimport os, sys as system\nfrom shop.web import (\n    create_app,\n)\n" +
		"from . import sibling\nfrom .other import x\ntry:\n\timport settings  # ours\nexcept ImportError:\n    import default_settings; import late\r\n" +
		"important = 1\nfromage = 2\nimport shop.models\n")
	if got, want := ImportedNames(source), []string{"os", "sys", "shop", "settings", "default_settings"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := ImportedNames(nil); got != nil {
		t.Errorf("of nothing: %q", got)
	}
}

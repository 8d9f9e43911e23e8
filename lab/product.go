package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// BinaryEnv names the variable that puts a ready flasktui into the boxes, a
// packaged one for example, in place of one built from this source tree.
const BinaryEnv = "FLASKTUI_LAB_BINARY"

// buildProduct puts flasktui at to.
func buildProduct(ctx context.Context, to string) error {
	if ready := os.Getenv(BinaryEnv); ready != "" {
		binary, err := os.ReadFile(ready)
		if err != nil {
			return fmt.Errorf("take the binary that %s names: %w", BinaryEnv, err)
		}
		return os.WriteFile(to, binary, 0o755)
	}
	return Build(ctx, ".", to)
}

// Build builds a package of this module as it is released: static and stripped.
func Build(ctx context.Context, pkg, to string) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-gcflags", "flasktui/...=-l", "-ldflags", "-s -w", "-o", to, pkg)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, tail(string(out), 20))
	}
	return nil
}

// moduleRoot is the directory of the go.mod above the working directory.
func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: go env GOMOD: %w", err)
	}
	mod := strings.TrimSpace(string(out))
	if mod == "" || mod == os.DevNull {
		return "", errors.New("find the module: no go.mod above the working directory")
	}
	return filepath.Dir(mod), nil
}

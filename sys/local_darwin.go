package sys

import (
	"context"
	"os"
	"strings"

	"github.com/shirou/gopsutil/v3/host"
)

func operatingSystem() string { return "darwin" }

func (l *Local) platform(ctx context.Context) string {
	platform, _, version, err := host.PlatformInformationWithContext(ctx)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(platform + " " + version)
}

func outputFile(name string) (*os.File, error) { return temporaryFile(name) }

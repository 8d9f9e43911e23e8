package facts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/systemd"
)

// userPrefix begins the name of a unit of a user's own service manager.
const userPrefix = "user:"

// UserUnits are the users' own service managers that were asked, and what they have.
type UserUnits struct {
	Managers []UserManager `json:"managers"`
	// Units run a server, are meant to, or were named. What they say is their user's word; that
	// they run a process is the kernel's, by its control group.
	Units []Unit `json:"units"`
}

// UserManager is one user's.
type UserManager struct {
	sys.Account
	// Lingers says that it goes on when the user's last session has ended, and is started at
	// boot (loginctl(1), enable-linger).
	Lingers bool `json:"lingers,omitempty"`
	// Problem is why it could not be asked; empty where it was.
	Problem sys.Text `json:"problem,omitempty"`
}

// Manager is the one that has the unit.
func (unit Unit) Manager() systemd.Manager { return systemd.Manager{User: unit.Owner} }

// Service is what a person calls it.
func (unit Unit) Service() string {
	if unit.Owner == nil {
		return unit.Name
	}
	return userService(*unit.Owner, unit.Name)
}

func userService(owner sys.Account, unit string) string {
	return userPrefix + owner.String() + "/" + unit
}

// Typed is a command about the unit for a person to type, written as for one of the system's.
func (unit Unit) Typed(format string, arguments ...any) sys.Text {
	line := sys.Typed(format, arguments...)
	if unit.Owner == nil {
		return line
	}
	if rest, ok := strings.CutPrefix(string(line), "systemctl "); ok {
		return sys.Text("systemctl --user " + rest)
	}
	if rest, ok := strings.CutPrefix(string(line), "journalctl -u "); ok {
		_, more, _ := strings.Cut(rest, " ")
		return sys.Text(strings.TrimSpace(string(sys.Textf("journalctl _SYSTEMD_USER_UNIT=%s _UID=%d ", unit.Name, unit.Owner.UID)) + more))
	}
	return line
}

// namedBy says who wrote the paths in a unit down.
func (unit Unit) namedBy(ctx context.Context) context.Context {
	if unit.Owner == nil || unit.Owner.UID == 0 {
		return ctx
	}
	return sys.NamedBy(ctx, sys.Namers{Users: []uint32{unit.Owner.UID}})
}

// holds tells whether a server is in the unit's control group.
func (unit *Unit) holds(server Server) bool {
	if unit.Owner == nil {
		return server.bornIn(unit.Name)
	}
	owner, name, ofUser := server.bornOfUser()
	return ofUser && owner == unit.Owner.UID && name == unit.Name
}

// letGo tells whether a server is a child of the unit's manager itself.
func (unit *Unit) letGo(server Server) bool {
	if unit.Owner == nil {
		return server.Master.PPID == 1
	}
	return len(server.Parents) == 1 && server.Parents[0].Name == "systemd"
}

// bornOfUser is the user and the service of their own manager in whose control group a
// server is. Only the system's manager makes the group of a user's, which is the first unit
// of the path (systemd.special(7), user@.service).
func (server Server) bornOfUser() (owner uint32, unit string, ok bool) {
	cgroup := server.Master.Cgroup
	if !cgroup.User || cgroup.Container != "" || !strings.HasSuffix(cgroup.Unit, ".service") {
		return 0, "", false
	}
	for element := range strings.SplitSeq(cgroup.Path, "/") {
		number, isManager := strings.CutPrefix(strings.TrimSuffix(element, ".service"), "user@")
		if uid, err := strconv.ParseUint(number, 10, 32); isManager && err == nil {
			return uint32(uid), cgroup.Unit, true
		}
	}
	return 0, "", false
}

// GroupUserUnits is the units of users' own service managers that run, or are meant to run,
// a server.
func GroupUserUnits() Group {
	return Group{
		name: "user-units", words: "users' own units",
		needs:  []func() Group{GroupHost, GroupProcesses},
		read:   (*look).readUserUnits,
		fields: []field{fieldOf("systemctl --user show", func(facts *Facts) *Fact[UserUnits] { return &facts.UserUnits })},
	}
}

// readUserUnits asks the managers in whose control groups a server is, and that of the user
// who was named. Where no server runs at all it asks each that runs: a unit of it may have
// failed.
func (look *look) readUserUnits(ctx context.Context, known *Facts) func(*Facts) {
	const source = "systemctl --user show"
	asked := map[uint32][]string{}
	for _, server := range known.Processes.Value.Servers {
		if uid, unit, ok := server.bornOfUser(); ok && !slices.Contains(asked[uid], unit) {
			asked[uid] = append(asked[uid], unit)
		}
	}
	wanted := known.Options.Service
	name, unit, named := splitUserService(wanted)
	switch {
	case named:
		if uid, ok := look.accountNamed(ctx, known, name); ok && !slices.Contains(asked[uid], unit) {
			asked[uid] = append(asked[uid], unit)
		}
	case wanted == "" && known.Processes.Known && !slices.ContainsFunc(known.Processes.Value.Servers, func(one Server) bool { return one.Kind != appserver.Python || one.Serves }):
		for _, uid := range look.runningManagers(ctx) {
			asked[uid] = nil
		}
	}
	if len(asked) == 0 {
		return func(facts *Facts) {
			facts.UserUnits = Fact[UserUnits]{Why: WhyNotAsked, Problem: "no user's own service manager runs any", Source: source}
		}
	}
	found := UserUnits{Managers: []UserManager{}, Units: []Unit{}}
	var group sync.WaitGroup
	var lock sync.Mutex
	for uid, names := range asked {
		group.Go(func() {
			manager, units := look.askUserManager(ctx, known, uid, names)
			lock.Lock()
			defer lock.Unlock()
			found.Managers = append(found.Managers, manager)
			found.Units = append(found.Units, units...)
		})
	}
	group.Wait()
	slices.SortFunc(found.Managers, func(one, other UserManager) int { return cmp.Compare(one.UID, other.UID) })
	slices.SortFunc(found.Units, func(one, other Unit) int { return strings.Compare(one.Service(), other.Service()) })
	return func(facts *Facts) { facts.UserUnits = Of(found, source) }
}

// askUserManager asks one user's manager, as that user: for units by name, or for all that it
// has loaded.
func (look *look) askUserManager(ctx context.Context, known *Facts, uid uint32, names []string) (UserManager, []Unit) {
	account, err := sys.LookUpAccount(ctx, look.machine, uid)
	manager := UserManager{Account: account}
	manager.UID = uid
	if err == nil {
		_, unlit := look.machine.Stat(ctx, path.Join("/var/lib/systemd/linger", account.Name))
		manager.Lingers = account.Name != "" && unlit == nil
		var shown []systemd.Unit
		asks := systemd.Manager{User: &account}
		if names == nil {
			shown, _, err = asks.ShowServices(ctx, look.machine, look.boot)
		} else {
			shown, _, err = asks.ShowUnits(ctx, look.machine, look.boot, names...)
		}
		units := []Unit{}
		for _, one := range shown {
			ctx := Unit{Owner: &account}.namedBy(ctx)
			unit := look.readUnit(ctx, known, one, &account, names != nil)
			if !slices.Contains(unit.Runs, unit.MainPID) {
				// Whose process that is, the user's manager alone says.
				unit.MainPID = 0
			}
			if unit.Serves || names != nil {
				units = append(units, unit)
			}
		}
		if err == nil {
			return manager, units
		}
	}
	manager.Problem = sys.ErrorText(err)
	return manager, nil
}

// runningManagers are the users whose own manager may run, by their runtime directories.
func (look *look) runningManagers(ctx context.Context) []uint32 {
	const most = 16
	entries, err := look.machine.ReadDir(ctx, "/run/user")
	if err != nil {
		return nil
	}
	var users []uint32
	for _, entry := range entries {
		if uid, err := strconv.ParseUint(entry.Name, 10, 32); err == nil && len(users) < most {
			users = append(users, uint32(uid))
		}
	}
	return users
}

// accountNamed is the number of the user who was named, or of the caller.
func (look *look) accountNamed(ctx context.Context, known *Facts, name string) (uint32, bool) {
	if name == "" {
		return uint32(known.Host.Value.UID), known.Host.Known //nolint:gosec // the kernel's own number
	}
	account, err := sys.LookUpName(ctx, look.machine, name)
	return account.UID, err == nil
}

// splitUserService takes "user:NAME/UNIT" or "user:UNIT" apart.
func splitUserService(service string) (name, unit string, ok bool) {
	rest, ok := strings.CutPrefix(service, userPrefix)
	if before, after, named := strings.Cut(rest, "/"); named {
		name, rest = before, after
	}
	if !ok || rest == "" {
		return "", "", false
	}
	return name, UnitName(rest), true
}

// UserService is the user and the unit that a service's name has; empty for one that is no
// user's.
func UserService(service string) (user, unit string) {
	user, unit, _ = splitUserService(service)
	return user, unit
}

// ManagerOf is what is known of a user's own manager.
func (facts *Facts) ManagerOf(uid uint32) (UserManager, bool) {
	for _, manager := range facts.UserUnits.Value.Managers {
		if manager.UID == uid {
			return manager, true
		}
	}
	return UserManager{}, false
}

// ofUnasked names the service of a server in the control group of a user's service whose
// manager could not be asked.
func (facts *Facts) ofUnasked(server Server) (service string, ok bool) {
	uid, unit, ofUser := server.bornOfUser()
	manager, known := facts.ManagerOf(uid)
	if !ofUser || !known || manager.Problem == "" || isStarter(unit) {
		return "", false
	}
	return userService(manager.Account, unit), true
}

// chooseUserUnit takes a unit of a user's own manager: the caller's, where no user is named.
func chooseUserUnit(facts *Facts) (Target, error) {
	wanted := facts.Options.Service
	name, unit, ok := splitUserService(wanted)
	var others []string
	for _, one := range facts.UserUnits.Value.Units {
		own := name == "" && facts.Host.Known && one.Owner.UID == uint32(facts.Host.Value.UID) //nolint:gosec // the kernel's own number
		switch {
		case !ok || one.LoadState == "not-found" || one.Name != unit && !slices.Contains(one.Aliases, unit):
		case name != "" && (name == one.Owner.Name || name == strconv.FormatUint(uint64(one.Owner.UID), 10)) || own:
			target := targetFor(facts, one.Service())
			target.Named = true
			return target, nil
		default:
			others = append(others, one.Service())
		}
	}
	for _, server := range facts.Processes.Value.Servers {
		if service, unasked := facts.ofUnasked(server); unasked && service == userPrefix+name+"/"+unit {
			return Target{Service: service, UserUnit: service, Named: true}, nil
		}
	}
	refusal := &TargetError{
		Problem: sys.Textf("there is no unit %s of a user's own service manager on this box", strings.TrimPrefix(wanted, userPrefix)),
		Hint:    "`systemctl --user list-units --type=service`, typed as the user, lists theirs; of another user's name the user as well: user:NAME/UNIT",
	}
	for _, manager := range facts.UserUnits.Value.Managers {
		if manager.Problem != "" {
			refusal.Problem = sys.Textf("%s: the service manager of %s could not be asked: %s", wanted, manager.Account, manager.Problem)
			refusal.Hint = "run flasktui as that user, or with sudo"
		}
	}
	if len(others) > 0 {
		refusal.Hint = sys.Textf("another user has one of that name: flasktui check %s", others[0])
		refusal.Services = others
	}
	return Target{}, refusal
}

package docker

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
)

// SwarmService is a service of a swarm (`docker stack deploy`, `docker service create`), of which
// a container on this box is a task.
type SwarmService struct {
	Name  string `json:"name"`
	Stack string `json:"stack,omitempty"`
	// Image is what its tasks are to be made from now; with a digest, whatever the tag names.
	Image string `json:"image,omitempty"`
	// Update is how its last update went, in Docker's word (updating, paused, completed,
	// rollback_completed), and Message what Docker says of it; empty where there was none.
	Update  string   `json:"update,omitempty"`
	Message sys.Text `json:"message,omitempty"`
	// Running and Wanted are how many tasks run, and are to run, on all nodes together.
	Running int `json:"running,omitempty"`
	Wanted  int `json:"wanted,omitempty"`
	// Problem is why the swarm did not tell: only its managers do.
	Problem sys.Text `json:"problem,omitempty"`
	// Ports are published on every node, and lead to a task on any of them.
	Ports []PublishedPort `json:"-"`
}

// addSwarm tells of the containers that are tasks what their services are.
func (d *cli) addSwarm(ctx context.Context, containers []Container) {
	var names []string
	for _, container := range containers {
		if container.Swarm != nil {
			names = append(names, container.Swarm.Name)
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	services, err := d.swarmServices(ctx, slices.Compact(names))
	for index := range containers {
		task := containers[index].Swarm
		if task == nil {
			continue
		}
		service, known := services[task.Name]
		switch {
		case err != nil:
			task.Problem = sys.Safe(err.Error())
		case !known:
			task.Problem = sys.Textf("the swarm has no service %s any more", task.Name)
		default:
			service.Stack = task.Stack
			containers[index].Swarm = &service
			containers[index].Ports = append(containers[index].Ports, service.Ports...)
		}
	}
}

func (d *cli) swarmServices(ctx context.Context, names []string) (map[string]SwarmService, error) {
	inspected := d.run(ctx, append([]string{"service", "inspect", "--"}, names...)...)
	if inspected.Err != nil && !inspected.Complains("no such service") {
		return nil, fmt.Errorf("docker service inspect: %w", inspected.Err)
	}
	services, err := ParseSwarmServices(bytes.NewReader(inspected.Stdout))
	if err != nil {
		return nil, err
	}
	listed := d.run(ctx, "service", "ls", "--format", "{{json .}}")
	if listed.Err != nil {
		return nil, fmt.Errorf("docker service ls: %w", listed.Err)
	}
	tasks, err := ParseSwarmReplicas(bytes.NewReader(listed.Stdout))
	for name, service := range services {
		service.Running, service.Wanted = tasks[name][0], tasks[name][1]
		services[name] = service
	}
	return services, err
}

// ParseSwarmServices reads the JSON array of `docker service inspect`.
func ParseSwarmServices(reader io.Reader) (map[string]SwarmService, error) {
	var documents []struct {
		Spec struct {
			Name         string
			TaskTemplate struct{ ContainerSpec struct{ Image string } }
		}
		UpdateStatus struct{ State, Message string }
		Endpoint     struct {
			Ports []struct {
				Protocol, PublishMode     string
				TargetPort, PublishedPort int
			}
		}
	}
	if err := decodeInspect(reader, &documents); err != nil {
		return nil, fmt.Errorf("docker service inspect: %w", err)
	}
	services := map[string]SwarmService{}
	for _, raw := range documents {
		service := SwarmService{
			Name: raw.Spec.Name, Image: raw.Spec.TaskTemplate.ContainerSpec.Image,
			Update: raw.UpdateStatus.State, Message: sys.Safe(raw.UpdateStatus.Message),
		}
		for _, port := range raw.Endpoint.Ports {
			// What is published by the task's own node is among the container's own ports.
			if port.PublishMode == "ingress" && port.Protocol == "tcp" {
				service.Ports = append(service.Ports, PublishedPort{HostPort: port.PublishedPort, ContainerPort: port.TargetPort})
			}
		}
		services[service.Name] = service
	}
	return services, nil
}

// ParseSwarmReplicas reads `docker service ls --format '{{json .}}'`: of each service, how many
// of its tasks run and how many are wanted, as "1/2" or "1/2 (max 1 per node)".
func ParseSwarmReplicas(reader io.Reader) (map[string][2]int, error) {
	tasks := map[string][2]int{}
	decoder := json.NewDecoder(reader)
	for {
		var service struct{ Name, Replicas string }
		if err := decoder.Decode(&service); err == io.EOF {
			return tasks, nil
		} else if err != nil {
			return tasks, fmt.Errorf("docker service ls: %w", err)
		}
		counts, _, _ := strings.Cut(service.Replicas, " ")
		running, wanted, _ := strings.Cut(counts, "/")
		var numbers [2]int
		for at, text := range []string{running, wanted} {
			number, err := strconv.Atoi(text)
			if err != nil {
				return tasks, fmt.Errorf("docker service ls: %s has %q tasks", service.Name, service.Replicas)
			}
			numbers[at] = number
		}
		tasks[service.Name] = numbers
	}
}

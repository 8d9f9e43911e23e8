package steps_test

// What does not hold yet of the rules that always hold. Each line goes when it has come to
// hold; the tests say so.

// The reasons, each with what would mend it.
const (
	notRequired      = "fresh does not ask for this fact: where it is missing, nothing that it would have shown is found"
	notListening     = "a list of sockets that lacks one is taken for whole, and a process without a socket for one that does not listen"
	notSeenIsGone    = "a list of processes that lacks one is taken for whole, and what is not seen for what is not there"
	otherExplanation = "the cause that explains it is not found without this, and what followed from it is claimed by itself"
	notSeenTarget    = "what nothing manages is told from its process alone, and without that nobody can say how it is started"
	emptyEvidence    = "the evidence shows a field of a fact that was not read"
	besideRelease    = "what changed is shared by all releases and part of none, so that they are the same indeed"
	oldRelease       = "what was taken away is what sets the two releases apart"
)

// weakerThanKnown are the facts without which more is claimed than with them.
func weakerThanKnown() exceptions {
	return exceptions{
		"Background: fresh":                                                                                         notRequired,
		"Code: more of service-not-restarted":                                                                       otherExplanation,
		"Code: stale for its code, and all releases are the same":                                                   oldRelease,
		"Containers: more of service-not-restarted":                                                                 otherExplanation,
		"Containers: more of static-stale":                                                                          otherExplanation,
		"Deployment: more of templates-cached":                                                                      otherExplanation,
		"Deployment: release-dir-deleted has evidence without value or source":                                      emptyEvidence,
		"ImageSource: more of static-stale":                                                                         otherExplanation,
		"Images: more of static-stale":                                                                              otherExplanation,
		"Processes: more of service-not-restarted":                                                                  otherExplanation,
		"Processes: more of static-stale":                                                                           otherExplanation,
		"Processes: service-not-restarted has neither fix nor advice":                                               notSeenTarget,
		"UnitFiles: more of templates-cached":                                                                       otherExplanation,
		"Units: more of service-not-restarted":                                                                      otherExplanation,
		"Units: more of static-stale":                                                                               otherExplanation,
		"an element of Containers: more of service-not-restarted":                                                   otherExplanation,
		"an element of Containers: more of static-stale":                                                            otherExplanation,
		"an element of Deployment.Releases: fresh":                                                                  notRequired,
		"an element of Environment.Files: fresh":                                                                    notRequired,
		"an element of Listeners: fresh, and a hop is broken":                                                       notListening,
		"an element of Listeners: more of nginx-wrong-upstream":                                                     notListening,
		"an element of Listeners: more of service-failed":                                                           notListening,
		"an element of Listeners: more of service-not-restarted":                                                    notListening,
		"an element of Listeners: more of templates-cached":                                                         notListening,
		"an element of Background: fresh":                                                                           notSeenIsGone,
		"an element of Code.Bytecode: fresh":                                                                        notSeenIsGone,
		"an element of Deployment.Releases: stale for its code, and all releases are the same":                      oldRelease,
		"an element of Front.Inside.Mounts: fresh":                                                                  notSeenIsGone,
		"an element of Listeners: fresh":                                                                            notListening,
		"an element of Listeners: more of mixed-workers":                                                            notListening,
		"an element of Listeners: stale for its code, and all releases are the same":                                notListening,
		"an element of Front.Config.Upstreams: more of nginx-wrong-upstream":                                        notSeenIsGone,
		"an element of Front.Config.Upstreams: no longer fresh":                                                     notSeenIsGone,
		"an element of NginxDisk.Upstreams: more of nginx-wrong-upstream":                                           notSeenIsGone,
		"an element of NginxDisk.Upstreams: no longer fresh":                                                        notSeenIsGone,
		"an element of Processes.Gunicorns: fresh":                                                                  notSeenIsGone,
		"an element of Processes.Gunicorns[].Workers: more of templates-cached":                                     notSeenIsGone,
		"an element of Processes.Gunicorns[].Workers: no longer fresh":                                              notSeenIsGone,
		"an element of Processes.Gunicorns[].Workers: stale for its code, and all releases are the same":            oldRelease,
		"an element of Site.Others: fresh":                                                                          notSeenIsGone,
		"an element of Listeners: nginx-config-invalid is certain, has a cure, and stands below one that is likely": notListening,
		"an element of Listeners: front-elsewhere is certain, has a cure, and stands below one that is likely":      notListening,
		"an element of Listeners: nginx-not-reloaded is certain, has a cure, and stands below one that is likely":   notListening,
		"an element of Listeners: nginx-wrong-upstream is certain, has a cure, and stands below one that is likely": notListening,
		"an element of Listeners: no longer fresh":                                                                  notListening,
		"an element of Listeners: static-stale is certain, has a cure, and stands below one that is likely":         notListening,
		"an element of Processes.Gunicorns: more of mixed-workers":                                                  notSeenIsGone,
		"an element of Processes.Gunicorns: more of service-failed":                                                 notSeenIsGone,
		"an element of Processes.Gunicorns: more of service-not-restarted":                                          otherExplanation,
		"an element of Processes.Gunicorns: more of static-stale":                                                   otherExplanation,
		"an element of Processes.Gunicorns: service-not-restarted has neither fix nor advice":                       notSeenTarget,
		"an element of Site.Nginx.Version: fresh, and a hop is unknown":                                             notRequired,
		"an element of Static.Probes: fresh":                                                                        notRequired,
		"an element of UnitFiles.Comparison.Differs: fresh":                                                         notRequired,
		"an element of Units: more of service-not-restarted":                                                        otherExplanation,
		"an element of Units: more of static-stale":                                                                 otherExplanation,
	}
}

// orderMatters are the lists whose order is told from what it should not tell.
func orderMatters() exceptions {
	return exceptions{
		"Deployment.Releases":        "has a meaning: the facts sort them, and the last one is the newest",
		"Deployment.Repository.Log":  "has a meaning: the reflog is in the order of its lines, and stays an exception",
		"Site.Others[].Asked.Busted": "has a meaning: the answer that names the release comes first, and the page behind it",
		"Site.App.Version":           "has a meaning: answers that differ are told in the order in which they came",
	}
}

// contradictory are the boxes whose reports contradict themselves.
func contradictory() exceptions {
	return exceptions{
		"shared-settings-edited.broken: stale for its code, and all releases are the same": besideRelease,
	}
}

package guide

func causePages() []Page { return nil }

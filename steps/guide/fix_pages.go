package guide

func fixPages() []Page { return nil }

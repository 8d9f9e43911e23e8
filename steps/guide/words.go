package guide

// Words is the glossary, in alphabetical order.
func Words() []Word { return nil }

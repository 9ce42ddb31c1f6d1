"""Pure rules on values that several slices share, apart because they belong to no one slice."""

"""Privacy: everything held about a person handed out, or erased for good."""

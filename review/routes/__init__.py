"""What the desk answers, one module a capability."""

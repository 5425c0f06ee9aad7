"""What a reader says of a recording: statements, readings and their states, agreement. Pure Python."""

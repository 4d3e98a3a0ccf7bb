"""What people and their owners do in the directory: sign in, make tokens, admit others. One function each."""

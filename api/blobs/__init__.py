"""Photos of premises: sent in parts after the text, drawn anew before they are kept and shown."""

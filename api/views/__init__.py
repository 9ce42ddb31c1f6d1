"""What each role may see of an entity: the one place where personal values are opened and masked."""

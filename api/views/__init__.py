"""What each role may see of an entity: here alone personal values are opened and masked."""

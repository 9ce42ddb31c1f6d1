"""Who is let in, and when: rates shared by all processes, turns and memory in this one."""

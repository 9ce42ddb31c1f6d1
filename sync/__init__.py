"""The sync protocol between phones, nodes, programs and the register: it carries signed documents and knows no slice."""

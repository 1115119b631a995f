"""Where studies are published: processes of this machine, or a cluster."""

"""People, departments, roles and how somebody proves who they are."""

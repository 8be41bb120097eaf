"""A SHACL library that knows nothing of the Framework: shapes, a plan compiled to SQL, and pySHACL as the reference."""

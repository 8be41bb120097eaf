"""The foundation of both towers; each module stands for itself.

- What goes wrong, and how it is said: `errors`, `findings`, `problems`, `messages`, `syntax`, `limits`, `escape`.
- What things are called: `namespaces`, `file_formats`, `similar`.
- The cells of a sheet: `grid`, `cell_errors`.
- Files and processes: `content`, `output_files`, `resources`, `workspace`, `concurrency`, `worker`.
- What makes starting quick: `records` and `patterns`, compiled when they are used.
"""

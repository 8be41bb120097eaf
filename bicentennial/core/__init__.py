"""The foundation of both stacks; each module stands for itself.

- What goes wrong, and how it is said: `errors`, `findings`, `problems`, `messages`, `reasons`, `toml_errors`, `limits`,
  `escape`.
- What things are called: `namespaces`, `file_formats`, `similar`.
- The cells of a sheet: `grid`, `cell_errors`.
- Files and processes: `files`, `resources`, `concurrency`, `worker`.
- What spares time at the start of a run: `startup`.
"""

"""The commands of `ordermill`, one module per group; heavy imports happen inside a command, so that help is quick."""

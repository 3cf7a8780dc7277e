"""The jobs that join the layers below, and the command line that starts them."""

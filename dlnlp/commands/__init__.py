"""The commands that use the shipped networks: ``python -m dlnlp COMMAND``."""

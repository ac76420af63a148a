"""Redis Tutor: learn Redis by typing real commands, checked and explained."""

__version__ = "0.1.0"

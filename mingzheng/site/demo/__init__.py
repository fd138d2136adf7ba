"""The demo: five agencies and their neighbours, made by running the acts under the demo clock."""

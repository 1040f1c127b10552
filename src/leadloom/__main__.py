"""`python -m leadloom` is `leadloom`."""

from leadloom.cli import main

if __name__ == "__main__":
    main()

"""Where the installed program begins. A process that reads files is the same program, and must not become a window."""

import multiprocessing

if __name__ == "__main__":
    multiprocessing.freeze_support()
    from peace_desktop.__main__ import main

    raise SystemExit(main())

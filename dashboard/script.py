"""The script that Streamlit runs as the main module.

A worker process that is born while a page is drawn imports it under another name, and must neither draw nor wait for what
pages are drawn with: hence the guard around all of it.
"""

if __name__ == "__main__":
    from dashboard.app import main

    main()

class StackError(Exception):
    """A part of the local stack cannot be had or started.

    The message is one sentence that says what to install or to do; it is shown to the user as is.
    """

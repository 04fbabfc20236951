@rem What `exec` is to the shells elsewhere: npm hands its scripts to cmd.exe on Windows.
@%*

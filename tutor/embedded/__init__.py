"""A Redis-compatible server that needs nothing but pip, and that survives what a learner types.

`python -m tutor.embedded --unixsocket PATH --control PATH` starts a small supervisor, which owns the sockets and the
journal, and forks a worker, which holds the data in fakeredis and answers. A worker that hangs or dies is replaced:
its state is rebuilt from the journal and the clients stay connected. Other layers start this as a process and speak
RESP with it; they do not import what is inside.
"""

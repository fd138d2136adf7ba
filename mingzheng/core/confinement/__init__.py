"""Where foreign bytes are read: a process that has given up files, network, programs and rights.

`layers` is what a process gives up, `inside` what runs in it, `breakout` what a hostile file would
try. The other side, which starts it, is `records.sandbox`.
"""

"""Running Lambda functions as processes.

`bundles` unpacks code and layers; `starting`, `families` and `parents` make processes; `parent` and `worker` are what
runs in them, under the functions' interpreter; `process` is one execution environment seen from here, `pool` those of
one function version, `host` all of them.
"""

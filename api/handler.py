"""Lambda handler of the API."""

from mangum import Mangum

from api.app import create_app

handler = Mangum(create_app(), lifespan="off")

"""What outlives a release is encrypted, private and kept as the environment says."""

import pytest

from local.stack.redis import _RIGHTS
from stacks.constructs.cache import RIGHTS, USER
from tests.stacks.conftest import Synthesised

pytestmark = pytest.mark.synth


def test_every_bucket_is_private_and_encrypted(every: Synthesised) -> None:
    for bucket in every.of("AWS::S3::Bucket"):
        assert set(bucket.properties["PublicAccessBlockConfiguration"].values()) == {True}, bucket.id
        assert "BucketEncryption" in bucket.properties, bucket.id


def test_on_aws_every_bucket_and_queue_refuses_plain_http(on_aws: Synthesised) -> None:
    for kind, policy, target in (
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"),
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
    ):
        refused = {
            str(one.properties[target])
            for one in on_aws.of(policy)
            for statement in one.properties["PolicyDocument"]["Statement"]
            if statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        }
        assert len(refused) == len(on_aws.of(kind))


def test_items_of_executions_go_with_their_executions_and_never_by_their_age(every: Synthesised) -> None:
    data = [one for one in every.of("AWS::S3::Bucket") if "-data-" in str(one.properties.get("BucketName"))]
    rules = data[0].properties["LifecycleConfiguration"]["Rules"]
    assert [set(rule) for rule in rules] == [{"Id", "Status", "AbortIncompleteMultipartUpload"}]


def test_the_key_of_credentials_turns_by_itself(on_aws: Synthesised) -> None:
    assert on_aws.one("AWS::KMS::Key").properties["EnableKeyRotation"] is True


def test_the_database_is_encrypted_and_reached_through_its_proxy_only(on_aws: Synthesised) -> None:
    assert on_aws.one("AWS::RDS::DBCluster").properties["StorageEncrypted"] is True
    assert on_aws.one("AWS::RDS::DBProxy").properties["RequireTLS"] is True
    into = [one.properties for one in on_aws.of("AWS::EC2::SecurityGroupIngress")]
    database = next(one.id for one in on_aws.of("AWS::EC2::SecurityGroup") if "Database" in one.id)
    proxy = next(one.id for one in on_aws.of("AWS::EC2::SecurityGroup") if "Proxy" in one.id)
    sources = [
        one["SourceSecurityGroupId"]["Fn::GetAtt"][0] for one in into if one["GroupId"]["Fn::GetAtt"][0] == database
    ]
    assert sources == [proxy]


def test_no_security_group_is_open_to_the_world(on_aws: Synthesised) -> None:
    groups = on_aws.of("AWS::EC2::SecurityGroup")
    rules = [rule for group in groups for rule in group.properties.get("SecurityGroupIngress", [])]
    rules += [one.properties for one in on_aws.of("AWS::EC2::SecurityGroupIngress")]
    assert rules
    assert not [rule for rule in rules if "CidrIp" in rule or "CidrIpv6" in rule]


def test_the_cache_asks_for_tls(on_aws: Synthesised) -> None:
    cache = on_aws.one("AWS::ElastiCache::ReplicationGroup").properties
    assert cache["Engine"] == "valkey"
    assert cache["TransitEncryptionEnabled"] is cache["AtRestEncryptionEnabled"] is True
    assert on_aws.environment("recorder")["STEPWEAVE_REDIS_URL"]["Fn::Join"][1][0] == "rediss://"


def test_the_cache_pushes_nothing_out_and_tells_before_it_is_full(on_aws: Synthesised) -> None:
    group, parameters = (on_aws.one(f"AWS::ElastiCache::{kind}") for kind in ("ReplicationGroup", "ParameterGroup"))
    assert group.properties["CacheParameterGroupName"] == {"Ref": parameters.id}
    assert parameters.properties["Properties"] == {"maxmemory-policy": "noeviction"}
    assert f"valkey{group.properties['EngineVersion'][0]}" == parameters.properties["CacheParameterGroupFamily"]
    [alarm] = [
        one for one in on_aws.of("AWS::CloudWatch::Alarm") if one.properties.get("Namespace") == "AWS/ElastiCache"
    ]
    assert alarm.properties["MetricName"] == "DatabaseMemoryUsagePercentage"
    assert group.id in str(alarm.properties["Dimensions"])


def test_nobody_gets_into_the_cache_without_the_functions_password(on_aws: Synthesised) -> None:
    user = on_aws.one("AWS::ElastiCache::User").properties
    assert (user["UserName"], user["AccessString"]) == (USER, RIGHTS)
    assert RIGHTS.endswith(_RIGHTS), "as on one machine"
    assert "NoPasswordRequired" not in user
    assert "{{resolve:secretsmanager:" in str(user["Passwords"])
    group = on_aws.one("AWS::ElastiCache::UserGroup")
    assert len(group.properties["UserIds"]) == 1
    assert on_aws.one("AWS::ElastiCache::ReplicationGroup").properties["UserGroupIds"] == [{"Ref": group.id}]
    for name in ("recorder", "webhook", "sweeper", "resume", "authorizer"):
        assert "STEPWEAVE_REDIS_SECRET_ARN" in on_aws.environment(name)
    for name in ("starter", "status", "storage"):
        assert "STEPWEAVE_REDIS_SECRET_ARN" not in on_aws.environment(name)


def test_prod_keeps_its_data_and_dev_does_not(dev: Synthesised, prod: Synthesised) -> None:
    def kept(synthesised: Synthesised) -> set[str]:
        resources = synthesised.templates["data"]["Resources"].values()
        return {one["DeletionPolicy"] for one in resources if one["Type"] in ("AWS::S3::Bucket", "AWS::RDS::DBCluster")}

    assert kept(prod) == {"Retain", "Snapshot"}
    assert kept(dev) == {"Delete"}
    assert prod.one("AWS::RDS::DBCluster").properties["DeletionProtection"] is True


def test_prod_spreads_over_three_zones_and_dev_over_two(dev: Synthesised, prod: Synthesised) -> None:
    assert [len(one.of("AWS::EC2::Subnet")) // 3 for one in (dev, prod)] == [2, 3]
    assert [len(one.of("AWS::EC2::NatGateway")) for one in (dev, prod)] == [1, 3]


def test_one_machine_buys_no_server(local: Synthesised) -> None:
    kinds = {resource["Type"].split("::")[1] for resource in local.templates["all"]["Resources"].values()}
    assert kinds & {"EC2", "RDS", "ElastiCache", "CloudFront", "WAFv2", "SecretsManager"} == set()


def test_the_local_deployment_tells_what_the_supervisor_reads(local: Synthesised) -> None:
    wanted = {"HttpApiId", "WebSocketApiId", "EventsQueueUrl", "DataBucketName", "StateMachineRoleArn"}
    assert wanted <= set(local.templates["all"]["Outputs"])


def test_synthesis_asks_aws_nothing(every: Synthesised) -> None:
    assert every.missing_context == []


def test_the_local_stack_needs_no_bootstrap(local: Synthesised) -> None:
    assert "Parameters" not in local.templates["all"]
    assert "Rules" not in local.templates["all"]

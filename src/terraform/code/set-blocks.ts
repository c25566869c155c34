/**
 * Nested blocks that are a set in the schema of the provider for AWS, by resource type: their order in the code says
 * nothing, and no index selects one.
 */
const SETS: ReadonlyMap<string, readonly string[]> = new Map([
  ["aws_autoscaling_group", ["tag"]],
  ["aws_db_parameter_group", ["parameter"]],
  ["aws_default_network_acl", ["egress", "ingress"]],
  ["aws_default_route_table", ["route"]],
  ["aws_default_security_group", ["egress", "ingress"]],
  ["aws_dynamodb_table", ["attribute", "global_secondary_index", "local_secondary_index", "replica"]],
  ["aws_elb", ["listener"]],
  ["aws_instance", ["ebs_block_device", "ephemeral_block_device", "network_interface"]],
  ["aws_launch_configuration", ["ebs_block_device", "ephemeral_block_device"]],
  ["aws_lb", ["subnet_mapping"]],
  ["aws_network_acl", ["egress", "ingress"]],
  ["aws_route_table", ["route"]],
  ["aws_security_group", ["egress", "ingress"]],
]);

/** Whether nested blocks are known to be a set; of all others the schemas are not at hand. */
export function isSetOfBlocks(type: string, name: string): boolean {
  return SETS.get(type)?.includes(name) === true;
}

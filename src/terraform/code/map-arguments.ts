/**
 * Arguments that hold a map, and are nowhere the name of a block, in the schemas of the providers for AWS, Google Cloud,
 * Azure and Kubernetes.
 */
const MAPS = `
  action_properties add additional_data additional_encryption_context additional_extension_properties
  additional_login_parameters additional_login_params additional_properties additional_user_labels
  additional_version_weights advanced_options airflow_config_overrides airflow_configuration_options
  allocation_resource_tags allocations ami_tags app_settings athena_properties attribute_mapping
  authentication_request_extra_params backup_options beta_settings binary_data binary_data_wo
  build_environment_variables capacities client_metadata client_properties cluster_labels
  column_to_json_key_mappings command_line_arguments common_environment_properties config_overrides configs
  configuration_protected_settings configuration_settings connection_attributes connector_configuration
  container_environment_variables credentials_map custom_attributes custom_details custom_headers custom_metadata
  custom_properties custom_tags data_wo default default_arguments default_labels default_properties
  default_request default_run_properties driver_log_levels driver_opts dynamic_parameters
  encryption_context_equals encryption_context_subset engine_configs entity entity_overrides env_variables
  environment_variables event_configurations exclude_tags expression_attribute_names extension_headers
  extra_params final_backup_tags global_settings group_weights hard hashes header_parameters hyperparameters
  incident_tags input_paths instance_tags ip_restriction_rule_map ip_tags job_tags keepers label_extractors
  label_set launch_options log_destination login_parameters mappings match_labels match_target_labels
  max_limit_request_ratio min models namespace_labels node_affinity_labels node_labels node_public_ip_tags
  non_overridable_arguments override_properties parameter_mapping parameter_overrides parameter_values
  pipeline_parameters pipeline_sources placement_properties principal_tags profile_properties property_map
  provider_details purpose_data pypi_packages queries query_string_parameters query_variables recovery_point_tags
  redis_configs regional_parameters request_headers request_models request_parameters request_templates
  required_claims required_tags resource_labels resource_manager_tags resource_type_management_preference
  resource_type_opt_in_preference response_models response_templates restore_metadata_overrides
  runtime_environment_secrets runtime_environment_variables script_parameters script_variables secret_arguments
  secret_env secret_values secure_environment_variables sensitive_environment_variables service_labels set
  signing_parameters skewed_column_value_location_maps spark_environment_variables stage_variable_overrides
  stage_variables staging_area_tags substitute substitutions supported_login_providers sysctls system_labels
  system_property_columns table_configurations tag_map tags_all tags_filter tags_to_add target_tags
  task_properties template_annotations tenant_settings test_bot_alias_tags test_phone_numbers
  token_signing_public_keys token_url_custom_properties transform_name_mapping transform_name_mappings
  user_defined_context user_env_vars user_labels user_service_account_mapping validation_data
  values_importance_map variable_tags variables version_aliases video_codec_options volume_attributes volume_tags
  vpc_endpoint_id_restriction_rule_map vpc_id_restriction_rule_map webhook_properties weights workflow_parameters
`;

/** Arguments that hold a map of plain values in most places, and are the name of a block in others. */
const MOSTLY_MAPS = `
  annotations arguments context data database_flags labels limits parameters properties resource_tags
  response_parameters tags triggers
`;

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Names of arguments that say that an object is a map: `always`, or (`mostly`) where all its values are plain. */
export const MAP_ARGUMENTS = { always: words(MAPS), mostly: words(MOSTLY_MAPS) };

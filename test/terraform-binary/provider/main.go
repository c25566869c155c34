// A provider that keeps no resources: it lets `terraform plan` say what nested blocks evaluate to. Terraform's own
// terraform_data has no blocks.
package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	list   = tfprotov6.SchemaNestedBlockNestingModeList
	set    = tfprotov6.SchemaNestedBlockNestingModeSet
	mapped = tfprotov6.SchemaNestedBlockNestingModeMap
	single = tfprotov6.SchemaNestedBlockNestingModeSingle
)

// The resource types: every nesting, blocks of the same name in each other, a map of blocks, whose key is a label. The
// second has attributes of more types, the third attributes in its blocks that the provider makes.
var schemas = map[string]*tfprotov6.Schema{
	"blocks_all": resource(),
	"blocks_kept": resource(
		optional("tags", tftypes.Map{ElementType: tftypes.String}),
		optional("size", tftypes.Object{AttributeTypes: map[string]tftypes.Type{"min": tftypes.Number, "max": tftypes.Number}}),
	),
	"blocks_made": {Block: &tfprotov6.SchemaBlock{
		Attributes: []*tfprotov6.SchemaAttribute{{Name: "id", Type: tftypes.String, Computed: true}},
		BlockTypes: []*tfprotov6.SchemaNestedBlock{
			nested("rule", list, blockWithMade(
				nested("port", list, blockWithMade()),
				nested("source", set, blockWithMade()),
			)),
			nested("grant", set, blockWithMade()),
			nested("labelled", mapped, blockWithMade()),
			nested("limits", single, blockWithMade()),
		},
	}},
}

func blockWithMade(inner ...*tfprotov6.SchemaNestedBlock) *tfprotov6.SchemaBlock {
	made := block(inner...)
	made.Attributes = append(made.Attributes, &tfprotov6.SchemaAttribute{Name: "made", Type: tftypes.String, Optional: true, Computed: true})
	return made
}

func resource(more ...*tfprotov6.SchemaAttribute) *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
		Attributes: append([]*tfprotov6.SchemaAttribute{
			{Name: "id", Type: tftypes.String, Computed: true},
			optional("name", tftypes.String),
			optional("any", tftypes.DynamicPseudoType),
		}, more...),
		BlockTypes: []*tfprotov6.SchemaNestedBlock{
			nested("rule", list, block(
				nested("rule", list, block()),
				nested("port", list, block(nested("note", list, block()))),
				nested("source", set, block()),
			)),
			nested("grant", set, block(nested("right", list, block()))),
			nested("labelled", mapped, block(nested("port", list, block()))),
			nested("limits", single, block(nested("window", list, block()))),
		},
	}}
}

func block(inner ...*tfprotov6.SchemaNestedBlock) *tfprotov6.SchemaBlock {
	return &tfprotov6.SchemaBlock{
		Attributes: []*tfprotov6.SchemaAttribute{
			optional("text", tftypes.String),
			optional("number", tftypes.Number),
			optional("flag", tftypes.Bool),
			optional("texts", tftypes.List{ElementType: tftypes.String}),
		},
		BlockTypes: inner,
	}
}

func nested(name string, nesting tfprotov6.SchemaNestedBlockNestingMode, inner *tfprotov6.SchemaBlock) *tfprotov6.SchemaNestedBlock {
	return &tfprotov6.SchemaNestedBlock{TypeName: name, Nesting: nesting, Block: inner}
}

func optional(name string, of tftypes.Type) *tfprotov6.SchemaAttribute {
	return &tfprotov6.SchemaAttribute{Name: name, Type: of, Optional: true}
}

// What a plan does not call is left to the embedded interface, and there is nothing behind it.
type server struct{ tfprotov6.ProviderServer }

func (server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:        &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
		ResourceSchemas: schemas,
	}, nil
}

func (server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (server) ValidateProviderConfig(_ context.Context, request *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: request.Config}, nil
}

func (server) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (server) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

// A state is what the schema says, and nothing has changed since it was written.
func (server) UpgradeResourceState(_ context.Context, request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	schema := schemas[request.TypeName].ValueType()
	value, err := request.RawState.Unmarshal(schema)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(schema, value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

func (server) ReadResource(_ context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: request.CurrentState}, nil
}

// What is proposed is planned; what the provider makes is not known before it was made.
func (server) PlanResourceChange(_ context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	schema := schemas[request.TypeName].ValueType()
	value, err := request.ProposedNewState.Unmarshal(schema)
	if err != nil || value.IsNull() {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: request.ProposedNewState}, err
	}
	planned, err := tftypes.Transform(value, func(path *tftypes.AttributePath, at tftypes.Value) (tftypes.Value, error) {
		if name := path.LastStep(); at.IsNull() && (name == tftypes.AttributeName("id") || name == tftypes.AttributeName("made")) {
			return tftypes.NewValue(tftypes.String, tftypes.UnknownValue), nil
		}
		return at, nil
	})
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(schema, planned)
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: &state}, err
}

func main() {
	start := func() tfprotov6.ProviderServer { return server{} }
	if err := tf6server.Serve("example.test/driftwright/blocks", start); err != nil {
		panic(err)
	}
}

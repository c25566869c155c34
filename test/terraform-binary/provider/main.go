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

// The one resource type: every nesting, blocks of the same name in each other, a map of blocks, whose key is a label.
var schema = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
	Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "id", Type: tftypes.String, Computed: true},
		optional("name", tftypes.String),
		optional("any", tftypes.DynamicPseudoType),
	},
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
		ResourceSchemas: map[string]*tfprotov6.Schema{"blocks_all": schema},
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

// What is proposed is planned; the id is not known yet.
func (server) PlanResourceChange(_ context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	value, err := request.ProposedNewState.Unmarshal(schema.ValueType())
	if err != nil || value.IsNull() {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: request.ProposedNewState}, err
	}
	id := tftypes.NewAttributePath().WithAttributeName("id")
	planned, err := tftypes.Transform(value, func(path *tftypes.AttributePath, at tftypes.Value) (tftypes.Value, error) {
		if path.Equal(id) {
			return tftypes.NewValue(tftypes.String, tftypes.UnknownValue), nil
		}
		return at, nil
	})
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(schema.ValueType(), planned)
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: &state}, err
}

func main() {
	start := func() tfprotov6.ProviderServer { return server{} }
	if err := tf6server.Serve("example.test/driftwright/blocks", start); err != nil {
		panic(err)
	}
}

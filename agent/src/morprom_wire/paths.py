"""Paths of the wire protocol that both sides name."""

TOKEN = "/token"
UPDATE_PHR = "/api/UpdatePHRv1"
ORG_ENCOUNTER_SUMMARY = "/api/OrgEncounterSummary"
ORGANIZATION_SUMMARY = "/api/OrganizationSummary"
REMOVE_ENCOUNTER = "/api/RemoveEncounter"
UPDATE_AGENT_STATUS = "/api/UpdateAgentStatus"
GET_AGENT_COMPUTER_NAME = "/api/GetAgentComputerName"

/** SQL with its bindings by name: `connectionId` and `companyId`, and `workspaceId` where advocates are wanted. */

/** The people of a company, each once: live contacts whose primary company it is, of people not erased. By index. */
export const PEOPLE_OF_COMPANY = `
  select distinct k.person_id
    from (select person_id from crm_records
           where connection_id = :connectionId and company_id = :companyId and object_type = 'contact'
             and deleted_at is null and merged_into is null and person_id is not null offset 0) k
   cross join lateral (select 1 from people
                        where id = k.person_id and erased_at is null and merged_into is null offset 0) p`;

/** Those of them who refer others, once per program. Reads `people`, the query above. */
export const ADVOCATES_OF_COMPANY = `
  select a.id, a.person_id
    from people_of_company c
   cross join lateral (select id, person_id from advocates
                        where workspace_id = :workspaceId and person_id = c.person_id
                          and merged_into is null and closed_at is null offset 0) a`;
